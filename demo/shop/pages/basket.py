"""The basket, and the way from it to an order."""

from starlette.datastructures import FormData
from starlette.responses import Response

from demo.shop import carts, checkout, orders, tracking
from demo.shop.checkout_form import COUNTRIES, CheckoutForm, blank, read
from demo.shop.delivery_promise import promise
from demo.shop.errors import OutOfStock
from demo.shop.rendering import show
from demo.shop.visit import Visit, see, text, whole


def cart_page(visit: Visit) -> Response:
    """Show the basket."""
    with visit.shop.database.read() as connection:
        cart = carts.cart_of(connection, visit.session_id)
    return show(visit, "cart.html", cart=cart, promise=promise(visit.now), properties=tracking.of_cart(cart))


def add(visit: Visit, fields: FormData) -> Response:
    """Put one or several variants into the basket."""
    quantity = whole(fields, "quantity", 1)
    with visit.shop.database.write() as connection:
        for variant_id in fields.getlist("variant_id"):
            carts.add(connection, visit.session_id, str(variant_id), quantity, visit.now)
    return see("/shop/cart")


def change(visit: Visit, fields: FormData) -> Response:
    """Change how many of a variant are in the basket."""
    with visit.shop.database.write() as connection:
        carts.change(connection, visit.session_id, text(fields, "variant_id"), whole(fields, "quantity", 1))
    return see("/shop/cart")


def checkout_page(visit: Visit) -> Response:
    """Ask for name and address."""
    return _checkout(visit, _known(visit))


def place(visit: Visit, fields: FormData) -> Response:
    """Take the order, or show the form again with what is wrong."""
    form = read(fields)
    if form.errors:
        return _checkout(visit, form, status=422)
    try:
        order_id = _place(visit, form)
    except OutOfStock as error:
        return _checkout(visit, form.refused(str(error)), status=422)
    if order_id is None:
        return see("/shop/cart")
    visit.remember_order(order_id)
    visit.tell_once("placed", order_id)
    visit.shop.worker.nudge()
    return see(f"/shop/thanks/{order_id}")


def thanks(visit: Visit) -> Response:
    """Say that the order was taken and what happens next."""
    with visit.shop.database.read() as connection:
        order = orders.seen_by(
            connection,
            visit.request.path_params["order_id"],
            user_id=visit.user_id,
            session_orders=visit.own_orders,
        )
    fresh = visit.told("placed") == order.order_id
    return show(visit, "thanks.html", order=order, fresh=fresh, properties=tracking.of_order(order))


def _place(visit: Visit, form: CheckoutForm) -> str | None:
    """Return the number of the new order; `None` when the basket was empty, for instance after a second click."""
    with visit.shop.database.write() as connection:
        cart = carts.cart_of(connection, visit.session_id)
        if not cart.lines:
            return None
        order = checkout.place(
            connection,
            visit.shop.settings,
            session_id=visit.session_id,
            cart=cart,
            buyer=form.buyer,
            user_id=visit.user_id,
            anonymous_id=visit.anonymous_id,
        )
    return order.order_id


def _checkout(visit: Visit, form: CheckoutForm, status: int = 200) -> Response:
    with visit.shop.database.read() as connection:
        cart = carts.cart_of(connection, visit.session_id)
    if not cart.lines:
        return see("/shop/cart")
    return show(
        visit,
        "checkout.html",
        status=status,
        form=form,
        countries=COUNTRIES,
        cart=cart,
        promise=promise(visit.now),
        properties=tracking.of_cart(cart),
    )


def _known(visit: Visit) -> CheckoutForm:
    """Fill the form with what the account's last order said."""
    if visit.account is None:
        return blank()
    with visit.shop.database.read() as connection:
        last = next(iter(orders.of_account(connection, visit.account.user_id)), None)
    return blank(visit.account, last.buyer if last else None)
