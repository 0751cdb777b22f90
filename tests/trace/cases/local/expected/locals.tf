locals {
  name        = "analysis"
  root_access = "Disabled"
}
