"""Replay of real data: a loopback server that answers as the hiring systems did."""
