inputs = {
  enable_root = true
}
