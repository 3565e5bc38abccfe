"""An invented job market, served on loopback in the shapes of the real hiring systems."""
