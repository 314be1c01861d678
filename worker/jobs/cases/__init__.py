"""Jobs about cases: post their cards, and recommend Fitness to Study."""
