"""No monitor reaches ourselves, private networks or cloud metadata unless it is allowed."""

from ipaddress import ip_address

import pytest

from monitoring.addresses import Policy, is_public


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.0",
        "100.64.0.1", "100.100.100.200", "168.63.129.16", "192.0.0.1", "192.0.0.9", "192.88.99.1",
        "192.0.2.1", "198.18.0.1", "224.0.0.1", "239.1.1.1", "240.0.0.1", "255.255.255.255",
        "::", "::1", "::a9fe:a9fe", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::a9fe:a9fe",
        "64:ff9b:1::1", "2001::1", "2002:a9fe:a9fe::", "fe80::1", "fc00::1", "fd00:ec2::254",
        "ff02::1", "ff0e::1", "2001:db8::1",
    ],
)  # fmt: skip
def test_bad_addresses_are_refused(address: str):
    assert not is_public(ip_address(address))
    assert not Policy().allows_text(address, 80)


@pytest.mark.parametrize("address", ["93.184.215.14", "2606:2800:220:1::1", "::ffff:8.8.8.8"])
def test_public_addresses_are_allowed_on_web_ports(address: str):
    assert Policy().allows_text(address, 443)
    assert not Policy().allows_text(address, 25)


def test_allowed_networks_open_every_port_of_theirs_and_nothing_else():
    policy = Policy.of(["127.0.0.0/8", " fd00::/8 "])
    assert policy.allows_text("127.0.0.2", 5432)
    assert policy.allows_text("::ffff:127.0.0.1", 80)
    assert policy.allows_text("fd00::1", 80)
    assert not policy.allows_text("10.0.0.1", 80)


@pytest.mark.parametrize("address", ["fe80::1%eth0", "localhost", "", "1"])
def test_what_is_no_plain_address_is_refused(address: str):
    assert not Policy.of(["127.0.0.0/8"]).allows_text(address, 80)


def test_a_wrong_network_is_named():
    with pytest.raises(ValueError, match=r"'10\.0\.0\.1/8' is not a network"):
        Policy.of(["10.0.0.1/8"])
