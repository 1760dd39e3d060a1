"""The demo city: made-up houses, people and pictures that fill a fresh installation."""
