"""Areas and facilities that every new site starts with (contract: Houses, "Data that every new site starts with")."""

AREAS = "瑶海区 庐阳区 蜀山区 包河区 长丰县 肥东县 肥西县 庐江县 巢湖市"
FACILITIES = (
    "无线网络 热水淋浴 空调 暖气 允许吸烟 饮水设备 牙具 香皂 拖鞋 手纸 毛巾 沐浴露、洗发露 冰箱 洗衣机 电梯"
    " 允许做饭 允许带宠物 允许聚会 门禁系统 停车位 有线网络 电视 浴缸"
)


def test_the_nine_areas_in_their_order(visitor):
    areas = visitor.get("/areas")["data"]

    assert areas == [{"aid": number, "aname": name} for number, name in enumerate(AREAS.split(), 1)]


def test_the_23_facilities_in_their_order(visitor):
    facilities = visitor.get("/facilities")["data"]

    assert facilities == [{"fid": number, "fname": name} for number, name in enumerate(FACILITIES.split(), 1)]


def test_a_cached_answer_is_the_same(visitor):
    assert visitor.get("/areas") == visitor.get("/areas")
    assert visitor.get("/facilities") == visitor.get("/facilities")


def test_the_cache_does_not_keep_ones_language_for_all(visitor):
    for path in ("/areas", "/facilities"):
        answer = visitor.request("GET", path)

        assert "Accept-Language" in answer.headers["Vary"]
        assert "Set-Cookie" not in answer.headers
