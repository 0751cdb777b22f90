variable "root_access" {
  type    = string
  default = "Disabled"
}
