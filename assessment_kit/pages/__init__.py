"""From an evaluation to something to look at: data frames, charts, words, and the fragments a notebook shows."""
