"""What we touch outside. A connector fulfils a protocol that a room declares in its `ports`; no room knows one."""
