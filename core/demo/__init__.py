"""The demo store: published figures and made-up people, cases and money that give them."""

from core.demo.fill import DemoError, fill_demo
from core.demo.people import DEMO_ACCOUNTS, DEMO_PASSWORD, DemoAccount

__all__ = ["DEMO_ACCOUNTS", "DEMO_PASSWORD", "DemoAccount", "DemoError", "fill_demo"]
