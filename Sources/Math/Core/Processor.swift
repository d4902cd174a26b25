import CMathKernels

/// What Math's kernels were built for, and whether this processor has it: for `lessons doctor`.
package enum Processor {
  /// Whether the kernels were built for any processor, without AVX2 and FMA.
  package static var isPortable: Bool { k_is_portable() != 0 }

  /// Whether this processor can run the kernels as they were built.
  package static var suffices: Bool { k_processor_suffices() != 0 }
}
