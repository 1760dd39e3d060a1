"""What search engines and chats read of a house: schema.org's LodgingBusiness."""

from typing import Any

from ihome.houses.rules import street_of
from ihome.kit.money import format_yuan


def lodging(house: dict[str, Any], address: str, area: str, facilities: list[str]) -> dict[str, Any]:
    """Of the house's own address no more than its page shows (contract: `basic`)."""
    found = {
        "@context": "https://schema.org",
        "@type": "LodgingBusiness",
        "name": house["title"],
        "url": address,
        "description": house["description"] or house["title"],
        "image": house["img_urls"],
        "priceRange": f"¥{format_yuan(house['price'])}",
        "currenciesAccepted": "CNY",
        "address": {
            "@type": "PostalAddress",
            "streetAddress": street_of(house["address"]),
            "addressLocality": area,
            "addressCountry": "CN",
        },
        "amenityFeature": [
            {"@type": "LocationFeatureSpecification", "name": name, "value": True} for name in facilities
        ],
    }
    if house["rating_count"]:
        found["aggregateRating"] = {
            "@type": "AggregateRating",
            "ratingValue": house["rating"],
            "ratingCount": house["rating_count"],
            "bestRating": 5,
        }
    return found
