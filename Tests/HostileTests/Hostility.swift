import Testing

/// All that lessons, files and machines do to a run, one at a time: times and processes are measured.
@Suite(.serialized) enum Hostility {}
