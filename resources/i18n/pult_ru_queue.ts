<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ru" sourcelanguage="en">
<context>
    <name>Queue</name>
    <message>
        <source>needs you</source>
        <translation>ждёт вас</translation>
    </message>
    <message>
        <source>outcome unknown</source>
        <translation>исход неизвестен</translation>
    </message>
    <message>
        <source>being sent</source>
        <translation>отправляется</translation>
    </message>
    <message>
        <source>waiting</source>
        <translation>ждёт</translation>
    </message>
    <message>
        <source>set aside</source>
        <translation>отложена</translation>
    </message>
    <message>
        <source>awaits its recording</source>
        <translation>ждёт запись</translation>
    </message>
    <message>
        <source>sent</source>
        <translation>отправлена</translation>
    </message>
    <message>
        <source>discarded</source>
        <translation>не отправляется</translation>
    </message>
    <message>
        <source>Not sent ({count})</source>
        <translation>Не отправлены ({count})</translation>
    </message>
    <message>
        <source>Needs me ({count})</source>
        <translation>Нужен я ({count})</translation>
    </message>
    <message>
        <source>Sent lately ({count})</source>
        <translation>Отправлены недавно ({count})</translation>
    </message>
    <message>
        <source>Discarded ({count})</source>
        <translation>Не отправляются ({count})</translation>
    </message>
    <message>
        <source>Everything ({count})</source>
        <translation>Все ({count})</translation>
    </message>
    <message>
        <source>Reading the cards…</source>
        <translation>Читаем карточки…</translation>
    </message>
    <message>
        <source>The cards could not be read. They are still on the disk.</source>
        <translation>Карточки не прочитались. Они по-прежнему на диске.</translation>
    </message>
    <message>
        <source>Every card is where it belongs. Nothing waits.</source>
        <translation>Все карточки на своих местах. Ничего не ждёт.</translation>
    </message>
    <message>
        <source>No card needs you.</source>
        <translation>Ни одной карточке вы не нужны.</translation>
    </message>
    <message>
        <source>No card has been sent yet.</source>
        <translation>Ни одной карточки ещё не отправлено.</translation>
    </message>
    <message>
        <source>No card was discarded.</source>
        <translation>Таких карточек нет: отправляются все.</translation>
    </message>
    <message>
        <source>No card matches what you look for.</source>
        <translation>Ничего не найдено.</translation>
    </message>
    <message>
        <source>Retry</source>
        <translation>Повторить</translation>
    </message>
    <message>
        <source>Retry all</source>
        <translation>Повторить все</translation>
    </message>
    <message>
        <source>Edit…</source>
        <translation>Изменить…</translation>
    </message>
    <message>
        <source>Choose customer…</source>
        <translation>Выбрать клиента…</translation>
    </message>
    <message>
        <source>Take up</source>
        <translation>Продолжить</translation>
    </message>
    <message>
        <source>Play recording</source>
        <translation>Прослушать запись</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>Выгрузить…</translation>
    </message>
    <message>
        <source>Discard…</source>
        <translation>Не отправлять…</translation>
    </message>
    <message>
        <source>Restore</source>
        <translation>Вернуть</translation>
    </message>
    <message>
        <source>Choose a card first.</source>
        <translation>Сначала выберите карточку.</translation>
    </message>
    <message>
        <source>This is a draft set aside. Take it up and save it.</source>
        <translation>Это отложенный черновик. Продолжите и сохраните его.</translation>
    </message>
    <message>
        <source>Only a draft set aside can be taken up.</source>
        <translation>Продолжить можно только отложенный черновик.</translation>
    </message>
    <message>
        <source>The card has been sent.</source>
        <translation>Карточка уже отправлена.</translation>
    </message>
    <message>
        <source>The card was discarded. Restore it first.</source>
        <translation>Карточка снята с отправки. Сначала верните её.</translation>
    </message>
    <message>
        <source>The card was not discarded.</source>
        <translation>Карточка не снята с отправки.</translation>
    </message>
    <message>
        <source>The card is being sent right now.</source>
        <translation>Карточка как раз отправляется.</translation>
    </message>
    <message>
        <source>Choose the customer: without one it would stop again.</source>
        <translation>Выберите клиента: без него карточка снова остановится.</translation>
    </message>
    <message>
        <source>Nothing of this card waits for a customer.</source>
        <translation>Эта карточка не ждёт клиента.</translation>
    </message>
    <message>
        <source>No card waits.</source>
        <translation>Ни одна карточка не ждёт.</translation>
    </message>
    <message>
        <source>There is no recording of this call here.</source>
        <translation>Записи этого разговора здесь нет.</translation>
    </message>
    <message>
        <source>There is no card in the list to write down.</source>
        <translation>В списке нечего выгружать.</translation>
    </message>
    <message>
        <source>Call</source>
        <translation>Звонок</translation>
    </message>
    <message>
        <source>Activity</source>
        <translation>Дело</translation>
    </message>
    <message>
        <source>Customer</source>
        <translation>Клиент</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>Заметка</translation>
    </message>
    <message>
        <source>Recording</source>
        <translation>Запись</translation>
    </message>
    <message>
        <source>Unsorted</source>
        <translation>Неразобранное</translation>
    </message>
    <message>
        <source>contact</source>
        <translation>контакт</translation>
    </message>
    <message>
        <source>company</source>
        <translation>компания</translation>
    </message>
    <message>
        <source>lead</source>
        <translation>лид</translation>
    </message>
    <message>
        <source>customer</source>
        <translation>покупатель</translation>
    </message>
    <message>
        <source>No card was due for this call</source>
        <translation>Для этого звонка карточка не нужна</translation>
    </message>
    <message>
        <source>Saved by itself when the time was over</source>
        <translation>Сохранена сама, когда вышло время</translation>
    </message>
    <message>
        <source>Edited</source>
        <translation>Изменена</translation>
    </message>
    <message>
        <source>Discarded</source>
        <translation>Снята с отправки</translation>
    </message>
    <message>
        <source>Restored</source>
        <translation>Возвращена</translation>
    </message>
    <message>
        <source>Tried again by hand</source>
        <translation>Повторена вручную</translation>
    </message>
    <message>
        <source>Laid aside by hand</source>
        <translation>Отложена вручную</translation>
    </message>
    <message>
        <source>Customer chosen</source>
        <translation>Выбран клиент</translation>
    </message>
    <message>
        <source>Exported</source>
        <translation>Выгружена</translation>
    </message>
    <message>
        <source>register the call</source>
        <translation>регистрация</translation>
    </message>
    <message>
        <source>fill the call in</source>
        <translation>завершение</translation>
    </message>
    <message>
        <source>add the notes</source>
        <translation>заметки</translation>
    </message>
    <message>
        <source>attach the recording</source>
        <translation>запись разговора</translation>
    </message>
    <message>
        <source>write the call</source>
        <translation>звонок</translation>
    </message>
    <message>
        <source>make the contact</source>
        <translation>новый контакт</translation>
    </message>
    <message>
        <source>hide the card</source>
        <translation>скрытие карточки</translation>
    </message>
    <message>
        <source>Queue of cards</source>
        <translation>Очередь карточек</translation>
    </message>
    <message>
        <source>Number</source>
        <translation>Номер</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Состояние</translation>
    </message>
    <message>
        <source>Where</source>
        <translation>Где</translation>
    </message>
    <message>
        <source>Why, and what to do</source>
        <translation>Почему и что делать</translation>
    </message>
    <message>
        <source>Age</source>
        <translation>Ждёт</translation>
    </message>
    <message>
        <source>Next try</source>
        <translation>Попытка</translation>
    </message>
    <message>
        <source>completed automatically</source>
        <translation>сохранена сама</translation>
    </message>
    <message>
        <source>This console did not see the call. Take its card up, finish and save it.</source>
        <translation>Эта консоль не видела звонка. Нажмите «Продолжить», заполните и сохраните.</translation>
    </message>
    <message>
        <source>Set aside for later. Take it up, finish and save it.</source>
        <translation>Отложена на потом. Нажмите «Продолжить», заполните и сохраните.</translation>
    </message>
    <message>
        <source>Nothing more is sent. Restore brings it back.</source>
        <translation>Больше ничего не уйдёт. «Вернуть» возвратит её в очередь.</translation>
    </message>
    <message>
        <source>Sent with a warning. See below.</source>
        <translation>Отправлена с предупреждением. Смотрите ниже.</translation>
    </message>
    <message>
        <source>Everything has arrived. The receipt is below.</source>
        <translation>Всё дошло. Квитанция ниже.</translation>
    </message>
    <message>
        <source>Its turn comes by itself.</source>
        <translation>Очередь дойдёт сама.</translation>
    </message>
    <message>
        <source>Show</source>
        <translation>Показать</translation>
    </message>
    <message>
        <source>Number or a word of the notes</source>
        <translation>Номер или слово из заметок</translation>
    </message>
    <message>
        <source>The card chosen</source>
        <translation>Выбранная карточка</translation>
    </message>
    <message>
        <source>Choose a card to see its steps, its receipt and what was done to it.</source>
        <translation>Выберите карточку: здесь будут её шаги и квитанция.</translation>
    </message>
    <message>
        <source>{state}, tries: {count}</source>
        <translation>{state}, попыток: {count}</translation>
    </message>
    <message>
        <source>Next try at {time}.</source>
        <translation>Следующая попытка в {time}.</translation>
    </message>
    <message>
        <source>{crm} says: “{text}”</source>
        <translation>{crm}: «{text}»</translation>
    </message>
    <message>
        <source>Open in {crm}</source>
        <translation>Открыть в {crm}</translation>
    </message>
    <message>
        <source>{crm} warns: {text}</source>
        <translation>{crm} предупреждает: {text}</translation>
    </message>
    <message>
        <source>Here and complete, {size}.</source>
        <translation>Скачана целиком, {size}.</translation>
    </message>
    <message>
        <source>There is none.</source>
        <translation>Её нет.</translation>
    </message>
    <message>
        <source>It is being looked for.</source>
        <translation>Ещё ищется.</translation>
    </message>
    <message>
        <source>{crm} takes no cards: {reason} Cards waiting for it: {count}.</source>
        <translation>{crm} не берёт карточки. {reason} Ждут карточек: {count}.</translation>
    </message>
    <message>
        <source>Connect…</source>
        <translation>Подключение…</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>Возобновить</translation>
    </message>
    <message>
        <source>Discard the card</source>
        <translation>Не отправлять карточку</translation>
    </message>
    <message>
        <source>Discard the card of this call?
{number}, {when}
Nothing more of it is sent. It stays in the list “Discarded” and can be restored.</source>
        <translation>Не отправлять карточку этого звонка?
{number}, {when}
Из неё больше ничего не уйдёт. Она останется в списке «Не отправляются», её можно вернуть.</translation>
    </message>
    <message>
        <source>Discard</source>
        <translation>Не отправлять</translation>
    </message>
    <message>
        <source>Export cards</source>
        <translation>Выгрузка карточек</translation>
    </message>
    <message>
        <source>Table (*.csv)</source>
        <translation>Таблица (*.csv)</translation>
    </message>
    <message>
        <source>Everything (*.json)</source>
        <translation>Всё целиком (*.json)</translation>
    </message>
    <message>
        <source>{name} is there already. Replace it?</source>
        <translation>Файл {name} уже есть. Заменить его?</translation>
    </message>
    <message>
        <source>Replace</source>
        <translation>Заменить</translation>
    </message>
    <message>
        <source>Cards written: {count}, to {place}</source>
        <translation>Карточек выгружено: {count}, в {place}</translation>
    </message>
    <message>
        <source>The file could not be written: {reason}. Choose another place.</source>
        <translation>Файл не записался: {reason}. Выберите другое место.</translation>
    </message>
    <message>
        <source>The card is tried again.</source>
        <translation>Карточка отправляется снова.</translation>
    </message>
    <message>
        <source>All cards are tried again.</source>
        <translation>Все карточки отправляются снова.</translation>
    </message>
    <message>
        <source>Changed. The card is tried again.</source>
        <translation>Изменено. Карточка отправляется снова.</translation>
    </message>
    <message>
        <source>Customer chosen. The card is tried again.</source>
        <translation>Решено. Карточка отправляется снова.</translation>
    </message>
    <message>
        <source>Discarded. It can be restored.</source>
        <translation>Снята с отправки. Её можно вернуть.</translation>
    </message>
    <message>
        <source>Restored. The card is tried again.</source>
        <translation>Возвращена. Карточка отправляется снова.</translation>
    </message>
    <message>
        <source>The draft is open in the card.</source>
        <translation>Черновик открыт в карточке.</translation>
    </message>
    <message>
        <source>The recording is being fetched.</source>
        <translation>Запись скачивается.</translation>
    </message>
    <message>
        <source>The recording could not be fetched now. {reason}</source>
        <translation>Запись сейчас не удалось скачать. {reason}</translation>
    </message>
    <message>
        <source>No program of this computer wants to play the recording.</source>
        <translation>На этом компьютере запись нечем открыть.</translation>
    </message>
    <message>
        <source>This address does not lead to the CRM and was not opened.</source>
        <translation>Этот адрес ведёт не в CRM, Pult его не открыл.</translation>
    </message>
    <message>
        <source>Steps</source>
        <translation>Шаги</translation>
    </message>
    <message>
        <source>Receipt</source>
        <translation>Квитанция</translation>
    </message>
    <message>
        <source>Recording here</source>
        <translation>Запись разговора</translation>
    </message>
    <message>
        <source>Done to it</source>
        <translation>Что с ней делали</translation>
    </message>
    <message>
        <source>line {number}</source>
        <translation>линия {number}</translation>
    </message>
</context>
<context>
    <name>QueueEdit</name>
    <message>
        <source>Number</source>
        <translation>Номер</translation>
    </message>
    <message>
        <source>Bitrix24 user</source>
        <translation>Пользователь Битрикс24</translation>
    </message>
    <message>
        <source>amoCRM user</source>
        <translation>Пользователь amoCRM</translation>
    </message>
    <message>
        <source>Outcome</source>
        <translation>Результат</translation>
    </message>
    <message>
        <source>Why it failed</source>
        <translation>Причина</translation>
    </message>
    <message>
        <source>Cost</source>
        <translation>Стоимость</translation>
    </message>
    <message>
        <source>Currency</source>
        <translation>Валюта</translation>
    </message>
    <message>
        <source>Rating</source>
        <translation>Оценка</translation>
    </message>
    <message>
        <source>Notes</source>
        <translation>Заметки</translation>
    </message>
    <message>
        <source>Type a telephone number.</source>
        <translation>Укажите номер телефона.</translation>
    </message>
    <message>
        <source>Choose a user of the list, or type the user&apos;s number.</source>
        <translation>Выберите пользователя из списка или укажите его номер.</translation>
    </message>
    <message>
        <source>Type an amount, such as 12.50, or leave it empty.</source>
        <translation>Укажите сумму, например 12.50, или оставьте пустым.</translation>
    </message>
    <message>
        <source>Choose the currency of the cost, or empty the cost.</source>
        <translation>Выберите валюту стоимости или очистите стоимость.</translation>
    </message>
    <message>
        <source>Nothing was changed yet.</source>
        <translation>Пока ничего не изменено.</translation>
    </message>
    <message>
        <source>Make a contact with this number</source>
        <translation>Завести контакт с этим номером</translation>
    </message>
    <message>
        <source>Attach it to a customer that is there</source>
        <translation>Прикрепить к клиенту, который уже есть</translation>
    </message>
    <message>
        <source>Put it into the unsorted requests</source>
        <translation>Положить в «Неразобранное»</translation>
    </message>
    <message>
        <source>Do not write it to amoCRM</source>
        <translation>Не писать в amoCRM</translation>
    </message>
    <message>
        <source>Edit card</source>
        <translation>Изменение карточки</translation>
    </message>
    <message>
        <source>Call: {number}. What a CRM has already is not changed any more.</source>
        <translation>Звонок: {number}. Что уже попало в CRM, больше не меняется.</translation>
    </message>
    <message>
        <source>Set by the administrator for hidden callers. Type another one if you know it.</source>
        <translation>Задан администратором для скрытых номеров. Если знаете настоящий, укажите его.</translation>
    </message>
    <message>
        <source>none</source>
        <translation>нет</translation>
    </message>
    <message>
        <source>Save and send</source>
        <translation>Сохранить и отправить</translation>
    </message>
    <message>
        <source>Nobody in amoCRM has this number</source>
        <translation>В amoCRM никого с этим номером нет</translation>
    </message>
    <message>
        <source>amoCRM keeps calls with customers only, and this caller hides the number.</source>
        <translation>amoCRM хранит звонки только у клиентов, а этот звонивший скрыл номер.</translation>
    </message>
    <message>
        <source>amoCRM keeps calls with customers only, and nobody there has {number}.</source>
        <translation>amoCRM хранит звонки только у клиентов, а {number} там ни у кого нет.</translation>
    </message>
    <message>
        <source>Do that</source>
        <translation>Так и сделать</translation>
    </message>
</context>
</TS>
