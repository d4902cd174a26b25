import Math

/// The layers of a network of images: batches of 64.
func imageWorkloads() -> [Workload] {
  var list: [Workload] = []
  // Channels in and out, and the side of the image.
  let convolutions = [
    ("conv1", 1, 32, 28), ("conv2", 32, 64, 14), ("conv3", 64, 128, 7), ("conv32", 32, 32, 28),
    ("conv64", 64, 64, 14),
  ]
  for (name, channels, filters, side) in convolutions {
    list.append(
      Workload("\(name)_fb") {
        let x = channels > 1 ? leaf(64, channels, side, side) : normal(64, channels, side, side)
        let (w, b) = (leaf(filters, channels, 3, 3), leaf(filters))
        let g = normal(64, filters, side, side)
        return {
          for p in [x, w, b] { p.zeroGrad() }
          conv2d(x, w, bias: b, padding: 1).backward(gradient: g)
        }
      })
    list.append(
      Workload("\(name)_f") {
        let x = normal(64, channels, side, side)
        let (w, b) = (normal(filters, channels, 3, 3), normal(filters))
        return { _ = conv2d(x, w, bias: b, padding: 1) }
      })
  }
  list += [
    Workload("maxpool_fb") {
      let (x, g) = (leaf(64, 32, 28, 28), normal(64, 32, 14, 14))
      return {
        x.zeroGrad()
        maxPool2d(x, kernelSize: [2]).backward(gradient: g)
      }
    },
    Workload("batchnorm_fb") {
      let (x, g) = (leaf(64, 32, 28, 28), normal(64, 32, 28, 28))
      let layer = BatchNorm2d(32)
      return {
        x.zeroGrad()
        layer.zeroGrad()
        layer(x).backward(gradient: g)
      }
    },
    Workload("layernorm_fb") {
      let (x, g) = (leaf(4096, 768), normal(4096, 768))
      let layer = LayerNorm([768])
      return {
        x.zeroGrad()
        layer.zeroGrad()
        layer(x).backward(gradient: g)
      }
    },
    Workload("relu_fb") {
      let (x, g) = (leaf(64, 32, 28, 28), normal(64, 32, 28, 28))
      return {
        x.zeroGrad()
        relu(x).backward(gradient: g)
      }
    },
  ]
  return list
}
