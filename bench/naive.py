"""The search that one writes first, to be compared with: load conflicting orders, NOT IN, count, ORM objects."""

from datetime import date

from flask import Flask, jsonify, request
from sqlalchemy import create_engine, func, select
from sqlalchemy.orm import Session

from ihome import features
from ihome.config import load
from ihome.houses.models import House
from ihome.orders.models import Order

PAGE_SIZE = 10
SORTS = {"new": House.create_time.desc(), "price-inc": House.price, "price-des": House.price.desc()}


def create_app() -> Flask:
    features.load_models()
    engine = create_engine(load().database, connect_args={"timeout": 10})
    app = Flask("naive")

    @app.get("/api/v1.0/houses")
    def search():
        first = date.fromisoformat(request.args["start_date"])
        last = date.fromisoformat(request.args["end_date"])
        with Session(engine) as session:
            conflicts = session.scalars(select(Order).where(Order.begin_date <= last, Order.end_date >= first)).all()
            taken = [order.house_id for order in conflicts]
            wanted = [House.id.not_in(taken), House.area_id == request.args["area_id"]]
            total = session.scalar(select(func.count(House.id)).where(*wanted))
            page = select(House).where(*wanted).order_by(SORTS[request.args["sort_key"]]).limit(PAGE_SIZE)
            houses = [
                {
                    "house_id": house.id,
                    "title": house.title,
                    "price": house.price,
                    "area_name": house.area.name,
                    "img_url": house.index_image_url,
                    "room_count": house.room_count,
                    "order_count": house.order_count,
                    "address": house.address,
                    "user_avatar": house.landlord.avatar_url,
                    "ctime": house.create_time.strftime("%Y-%m-%d"),
                }
                for house in session.scalars(page)
            ]
        return jsonify(errno="0", data={"total_pages": -(-total // PAGE_SIZE), "houses": houses, "current_page": 1})

    return app
