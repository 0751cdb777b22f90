locals {
  root_access = "Enabled"
}
