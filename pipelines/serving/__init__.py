"""Publishing: what the warehouse built and tested becomes what readers see."""
