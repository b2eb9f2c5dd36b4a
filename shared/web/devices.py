"""What a browser says it is, in the few words a person knows it by."""

BROWSERS = {
    "Edg/": "Edge",
    "OPR/": "Opera",
    "MicroMessenger/": "WeChat",
    "Firefox/": "Firefox",
    "Chrome/": "Chrome",
    "Safari/": "Safari",
}
"""In this order: most say that they are several of these, too."""

SYSTEMS = {
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Android": "Android",
    "Windows": "Windows",
    "Mac OS X": "macOS",
    "Linux": "Linux",
}

LONGEST = 40


def device(said: str) -> str:
    """Return `Firefox, Windows`; what says nothing of the kind as it is, shortened.

    >>> device("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0")
    'Firefox, Linux'
    >>> device("order-sync/2.1")
    'order-sync/2.1'
    """
    browser = next((name for sign, name in BROWSERS.items() if sign in said), "")
    system = next((name for sign, name in SYSTEMS.items() if sign in said), "")
    return ", ".join(filter(None, (browser, system))) or said[:LONGEST]
