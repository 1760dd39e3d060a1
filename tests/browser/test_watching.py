"""The controls of this folder: what it says never happens would be seen if it did."""

import pytest


@pytest.mark.parametrize(
    ("mischief", "seen"),
    [
        ("fetch('http://127.0.0.2:9/').catch(() => 0)", "127.0.0.2"),
        ("document.body.insertAdjacentHTML('beforeend', '<p style=\"color: red\">')", "Content Security Policy"),
        ("document.body.append(Object.assign(document.createElement('script'), { text: '1' }))", "inline script"),
        ("setTimeout(() => { throw new Error('broken'); })", "broken"),
    ],
)
def test_a_fault_of_a_page_is_seen(person, mischief, seen):
    person.open("/")
    person.page.evaluate(mischief)
    person.page.wait_for_timeout(300)
    faults, person.faults = person.faults, []
    assert any(seen in fault for fault in faults), faults
