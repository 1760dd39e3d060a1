"""What is offered: areas, facilities, houses, photos."""
