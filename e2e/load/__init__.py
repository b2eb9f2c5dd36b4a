"""How fast Millrun is, beside what the machine it runs on can do at most."""
