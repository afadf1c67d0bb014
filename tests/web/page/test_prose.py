import pytest

from web.page.prose import prose, summary


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        ("# A\n## B", "<h3>A</h3>\n<h4>B</h4>\n"),
        ("## A\n#### B\n## C", "<h3>A</h3>\n<h4>B</h4>\n<h3>C</h3>\n"),
        ("###### A", "<h3>A</h3>\n"),
        (
            "# 1\n## 2\n### 3\n#### 4\n##### 5",
            "<h3>1</h3>\n<h4>2</h4>\n<h5>3</h5>\n<h6>4</h6>\n<h6>5</h6>\n",
        ),
        ("`<h1>`", "<p><code>&lt;h1&gt;</code></p>\n"),
    ],
)
def test_headings_stand_below_those_of_the_page(markdown: str, html: str) -> None:
    assert prose(markdown) == html


def test_a_summary_is_the_first_paragraph_without_markup() -> None:
    assert summary("All is *well*.\n\nDetails.") == "All is well."
    assert summary("") == ""
    assert len(summary("word " * 200)) == 280
