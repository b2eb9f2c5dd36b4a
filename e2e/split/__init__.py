"""Every process of a Millrun that is split into many: each can be killed, and all end."""
