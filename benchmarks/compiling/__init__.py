"""Compile times: how long a fresh process takes from importing vicompile to its first loss, for many models."""
