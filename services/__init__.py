"""The services of Millrun, one package each, and its two edges: gateway and console."""
