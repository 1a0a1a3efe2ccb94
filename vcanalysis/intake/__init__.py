"""From extracts to a council: readers, cleaning, the linked council, the synthetic council."""
