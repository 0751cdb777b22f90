inputs = {
  enable_root = false
}
