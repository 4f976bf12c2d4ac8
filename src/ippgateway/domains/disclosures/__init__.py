"""Cases in which somebody outside is to be given data: entered, approved by two, put together, handed over, told of."""
