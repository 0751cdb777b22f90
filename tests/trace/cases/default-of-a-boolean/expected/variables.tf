variable "root" {
  type    = bool
  default = false
}
