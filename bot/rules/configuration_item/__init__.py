"""Configuration items: what the desk's services stand on (ISO/IEC 20000-1:2018, 8.2.6)."""
