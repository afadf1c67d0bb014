"""The order in which a person sees components."""

from tests.factories import ComponentFactory


def test_components_stand_by_position_then_name(page) -> None:
    for name, position in [("b", 1), ("c", 0), ("a", 1)]:
        ComponentFactory(page=page, name=name, position=position)
    assert [each.name for each in page.components.in_order()] == ["c", "a", "b"]
