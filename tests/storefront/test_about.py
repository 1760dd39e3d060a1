"""The pages that say what this site is and how it goes, and the line at the foot of every page."""

import pytest

from ihome.config import ConfigError
from tests.conftest import configure
from tests.page_reader import read


@pytest.mark.parametrize("path", ["/about", "/help"])
def test_who_runs_the_site_is_named_where_it_is_known(visitor, path):
    page = read(visitor, path)

    assert "运营者还没有公布联系邮箱" in page.words
    assert not any(link.startswith("mailto:") for link in page.links)
    assert path in read(visitor, "/").links


@pytest.mark.parametrize("settings", [{"contact": "help@rent.example.com", "licence_line": "皖ICP备2026000001号"}])
@pytest.mark.parametrize("path", ["/about", "/help", "/search"])
def test_the_operators_address_and_number(visitor, path):
    page = read(visitor, path)

    assert "皖ICP备2026000001号" in page.words
    assert "https://beian.miit.gov.cn/" in page.links
    assert ("mailto:help@rent.example.com" in page.links) == (path != "/search")


@pytest.mark.parametrize("settings", [{"answer_hours": "6", "payment_minutes": "45"}])
def test_help_tells_the_hours_of_this_site(visitor):
    words = read(visitor, "/help").words

    assert "6 小时内答复" in words
    assert "45 分钟" in words


@pytest.mark.parametrize("contact", ["help", "a@b", "a@b.example?cc=x@y.example", 'a"@b.example'])
def test_a_contact_is_an_address(tmp_path, contact):
    with pytest.raises(ConfigError, match="IHOME_CONTACT"):
        configure(tmp_path, contact=contact)
