"""Host names that look like Microsoft's but are not."""

from __future__ import annotations

NOT_OURS = (
    "https://evil.trafficmanager.net/emea/",
    "https://smba.trafficmanager.net.evil.example/",
    "https://smba.trafficmanager.net@evil.example/",
    "https://evil.example/smba.trafficmanager.net/",
    "http://smba.trafficmanager.net/emea/",
    "https://smba.trafficmanager.net:8443/emea/",
    "https://smba.trafficmanager.net\\@evil.example/",
    "https://smba.trafficmanager.net%2eevil.example/",
    "https://smba.trafficmanager.net./emea/",
    "https://SMBA.trafficmanager.net.evil.example",
    "https://smba.trafficmanager.net/../evil",
    "//smba.trafficmanager.net/",
    "file:///etc/passwd",
    "",
    None,
    7,
)
