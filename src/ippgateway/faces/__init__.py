"""What people and programs touch. A face parses, calls a use case of a room, renders; it decides nothing."""
