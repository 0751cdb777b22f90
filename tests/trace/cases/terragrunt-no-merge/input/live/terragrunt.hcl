inputs = {
  access = { main = "Disabled" }
}
