inputs = {
  access = { side = "Disabled" }
}
