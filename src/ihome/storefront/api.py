"""Search, home and house over JSON (contract: Houses)."""

import orjson
from flask import Response

from ihome.accounts.signin import find_current_user_id, public_reads
from ihome.houses.errors import HouseNotFound
from ihome.houses.queries import find_version
from ihome.kit import clock
from ihome.kit.cache import cached
from ihome.kit.db import reading
from ihome.kit.errors import BadInput
from ihome.kit.http import Api, ok, parse_query
from ihome.storefront import queries
from ihome.storefront.forms import SearchQuery
from ihome.storefront.search import search

api = Api("storefront")

HOME_KEY, HOME_FOR = "home_page_data", 60  # Seconds.
HOUSE_FOR = 300  # Seconds; a change of the house is seen at once, because the key carries its version.


@api.get("/houses/index")
def list_most_booked() -> Response:
    """Up to five houses with a picture, most booked first."""
    return ok(orjson.Fragment(cached(HOME_KEY, HOME_FOR, _most_booked)))


def _most_booked() -> bytes:
    with reading(replica=True):
        return orjson.dumps(queries.most_booked(5))


@api.get("/houses", query=SearchQuery, raises=(BadInput,))
@public_reads
def search_houses() -> Response:
    """Houses that are free for the dates asked for."""
    query = parse_query(SearchQuery)
    found = search(query.wanted(), today=clock.today())
    data = {"total_pages": found.total_pages, "houses": found.houses, "current_page": query.page}
    return ok(data | {"more": True} if found.more else data)


@api.get("/houses/<id:house_id>", raises=(HouseNotFound,))
def show_house(house_id: int) -> Response:
    """A house with everything its page shows. Who asks is added after the cache."""
    with reading():
        version = find_version(house_id)
        user_id = find_current_user_id()
    if version is None:
        raise HouseNotFound

    def make() -> bytes:
        with reading():
            return orjson.dumps(queries.full_house(house_id))

    house = cached(f"house_info_{house_id}_{version}", HOUSE_FOR, make)
    return ok({"house": orjson.Fragment(house), "user_id": user_id or "-1"})
