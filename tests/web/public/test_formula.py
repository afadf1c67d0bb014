"""The document of the formula, for readers who have only the server."""


def test_the_formula_is_served_with_the_product(client) -> None:
    answer = client.get("/docs/uptime")
    html = answer.content.decode()
    assert "<h1>How uptime is counted</h1>" in html
    assert "<td>degraded performance</td>" in html
    assert "÷ observed" in html
    assert answer["Content-Security-Policy"].startswith("default-src 'none'")
    assert not answer.cookies
