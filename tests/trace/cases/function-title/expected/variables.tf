variable "state" {
  type    = string
  default = "enabled"
}
