import pytest

from statuspage.serve.options import OptionError, read_options


def test_without_variables_everything_has_a_default(monkeypatch):
    options = read_options({})
    assert (options.host, options.port, options.demo) == ("127.0.0.1", 8000, True)
    assert options.data_dir.name == "var"
    assert options.mail_queue == "status-page-emails"
    assert options.embedded_postgres
    assert options.embedded_valkey


def test_addresses_of_engines_switch_the_embedded_ones_off():
    options = read_options({"DATABASE_URL": "postgresql://db/x", "REDIS_URL": "redis://cache"})
    assert not options.embedded_postgres
    assert not options.embedded_valkey


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "http"),
        ("PORT", "0"),
        ("PORT", "65536"),
        ("PORT", "80 80"),
        ("PORT", "²"),
        ("WEB_WORKERS", "0"),
        ("DEMO", "maybe"),
    ],
)
def test_a_wrong_value_is_said_by_name(name, value):
    with pytest.raises(OptionError) as said:
        read_options({name: value})
    assert name in str(said.value)
    assert value in str(said.value)


@pytest.mark.parametrize("value", ["0", "false", "False"])
def test_the_demo_can_be_left_out(value):
    assert not read_options({"DEMO": value}).demo


def test_incidents_have_the_limits_that_the_documents_name(settings):
    assert (settings.INCIDENT_UPDATE_LIMIT, settings.INCIDENT_HISTORY_DAYS) == (100, 365)
