"""The order in which a person sees components."""

from tests.factories import ComponentFactory, ComponentGroupFactory


def test_components_stand_by_position_then_name(page) -> None:
    for name, position in [("b", 1), ("c", 0), ("a", 1)]:
        ComponentFactory(page=page, name=name, position=position)
    assert [each.name for each in page.components.in_order()] == ["c", "a", "b"]


def test_groups_stand_among_lone_components_with_their_members_together(page):
    shop = ComponentGroupFactory(page=page, name="Shop", position=1)
    api = ComponentGroupFactory(page=page, name="API", position=2)
    for name, group, position in [
        ("search", shop, 1),
        ("cart", shop, 0),
        ("rest", api, 0),
        ("first", None, 0),
        ("between", None, 2),
    ]:
        ComponentFactory(page=page, name=name, group=group, position=position)
    assert [each.name for each in page.components.as_on_page()] == [
        "first",
        "cart",
        "search",
        "rest",
        "between",
    ]
