variable "config" {
  type    = any
  default = {}
}
