"""The protocol of Alipay (支付宝开放平台): pure, knows no database and no feature."""
