"""What happened, written in the transaction that made it happen. A lower room reaches a higher one by an event only."""
