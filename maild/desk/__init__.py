"""The desk: what opening, appending, answering and ignoring a letter mean. Pure: values in, decisions out."""
