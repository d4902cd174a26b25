/// Runs asynchronous work to its end and returns its result.
///
/// The top level of a cell can't wait for asynchronous work; this function does:
///
///     let total = try blocking { try await sum(of: urls) }
///
/// Work of the main actor and of the main dispatch queue runs meanwhile, on the thread of the cell.
///
/// - Parameter work: What to wait for. It runs as a task of its own.
/// - Returns: What `work` returns.
/// - Throws: The error that `work` throws.
public func blocking<Success>(
  _ work: @escaping @Sendable () async throws -> Success
) throws -> Success {
  try MainWait<Success>().result(of: work).get()
}

/// Runs asynchronous work that throws nothing to its end and returns its result.
///
/// - Parameter work: What to wait for. It runs as a task of its own.
/// - Returns: What `work` returns.
public func blocking<Success>(_ work: @escaping @Sendable () async -> Success) -> Success {
  switch MainWait<Success>().result(of: work) {
  case .success(let value): value
  case .failure(let error): preconditionFailure("work that throws nothing threw \(error)")
  }
}
