"""What areas and facilities are called in English; their names in the database are Chinese (contract: Data)."""

from ihome.kit.i18n import language

ENGLISH = {
    "合肥": "Hefei",
    "瑶海区": "Yaohai",
    "庐阳区": "Luyang",
    "蜀山区": "Shushan",
    "包河区": "Baohe",
    "长丰县": "Changfeng",
    "肥东县": "Feidong",
    "肥西县": "Feixi",
    "庐江县": "Lujiang",
    "巢湖市": "Chaohu",
    "无线网络": "Wi-Fi",
    "热水淋浴": "Hot shower",
    "空调": "Air conditioning",
    "暖气": "Heating",
    "允许吸烟": "Smoking allowed",
    "饮水设备": "Drinking water",
    "牙具": "Toothbrushes",
    "香皂": "Soap",
    "拖鞋": "Slippers",
    "手纸": "Toilet paper",
    "毛巾": "Towels",
    "沐浴露、洗发露": "Shower gel and shampoo",
    "冰箱": "Fridge",
    "洗衣机": "Washing machine",
    "电梯": "Lift",
    "允许做饭": "Cooking allowed",
    "允许带宠物": "Pets allowed",
    "允许聚会": "Parties allowed",
    "门禁系统": "Secured entrance",
    "停车位": "Parking space",
    "有线网络": "Wired internet",
    "电视": "TV",
    "浴缸": "Bathtub",
}


def local_name(name: str) -> str:
    """The name in the reader's language; one that is not known here stays as it is."""
    return ENGLISH.get(name, name) if language() == "en" else name
