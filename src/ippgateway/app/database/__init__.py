"""The database from outside: ways in, roles, migrations. The program itself never acts as the owner."""
