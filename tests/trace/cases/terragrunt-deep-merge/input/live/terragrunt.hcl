inputs = {
  access = { side = "Enabled" }
}
