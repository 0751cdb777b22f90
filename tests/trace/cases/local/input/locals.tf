locals {
  name        = "analysis"
  root_access = "Enabled"
}
